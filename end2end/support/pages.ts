// Every page there is, for the checks that go through all of them: accessibility, overflow, weight, pictures.
import { guarded } from "./demo.ts";
import type { Who } from "./people.ts";

export type PageUnderTest = {
  /** A file name for its pictures. */
  name: string;
  path: string;
  /** Who looks; nobody for guests. */
  who: Who | null;
  /** The status it answers. */
  status?: number;
};

const data = "/admin/data/legacy";

// Of the demonstration's data: a campaign with its creator's application and delivery; the creator's id, as the team's.
const campaign = "54d3db61-7777-4bd1-bf2b-6fdf50378159";
const otherCampaign = "c774350a-8ffa-4c0f-b844-53c9a522fdd0";
const application = "e098b1e0-3aab-4141-8b9f-60937f5b1d70";
const delivery = "b716ad5e-6e5d-4805-990a-5d3baf697efa";
const creator = "91eec68d-61b3-4dde-9c28-99f59af996ec";

export const pages: PageUnderTest[] = [
  { name: "home", path: "/", who: null },
  { name: "login", path: "/login", who: null },
  { name: "register", path: "/registro", who: null },
  { name: "recover", path: "/recuperar", who: null },
  { name: "terms", path: "/terminos/ugc-creators", who: null },
  { name: "missing-guest", path: "/no-existe", who: null, status: 404 },
  { name: "ugc", path: "/ugc", who: null },
  { name: "ugc-creators", path: "/ugc/creators", who: null },
  { name: "catalogue", path: "/ugc/campaigns", who: null },
  { name: "catalogue-none", path: "/ugc/campaigns?q=nada-de-esto", who: null },
  { name: "catalogue-creator", path: "/ugc/campaigns", who: "creadora" },
  { name: "creator-home", path: "/ugc/creator/dashboard", who: "creadora" },
  { name: "creator-work", path: "/ugc/creator/my-work", who: "creadora" },
  { name: "creator-deliveries", path: "/ugc/creator/my-work?tab=deliveries", who: "creadora" },
  { name: "creator-history", path: "/ugc/creator/my-work?tab=history", who: "creadora" },
  { name: "creator-applications", path: "/ugc/creator/applications", who: "creadora" },
  { name: "campaign-guest", path: `/ugc/campaigns/${campaign}`, who: null },
  { name: "campaign-creator", path: `/ugc/campaigns/${otherCampaign}`, who: "creadora" },
  { name: "apply", path: `/ugc/campaigns/${otherCampaign}/postularme`, who: "creadora" },
  { name: "creator-cancel", path: `/ugc/creator/applications/${application}/cancelar`, who: "creadora" },
  { name: "creator-delivery", path: `/ugc/creator/deliverable/${delivery}`, who: "creadora" },
  { name: "creator-profile", path: "/ugc/creator/profile", who: "creadora" },
  { name: "creator-profile-data", path: "/ugc/creator/profile/personal", who: "creadora" },
  { name: "creator-profile-photo", path: "/ugc/creator/profile/foto", who: "creadora" },
  { name: "creator-profile-network", path: "/ugc/creator/profile/redes/nueva", who: "creadora" },
  { name: "onboarding", path: "/ugc/creator/onboarding", who: "equipo" },
  { name: "gallery", path: "/dev/ui", who: null },
  { name: "admin", path: "/admin", who: "admin" },
  { name: "admin-staff", path: "/admin", who: "equipo" },
  { name: "data", path: data, who: "admin" },
  { name: "data-live", path: "/admin/data/canje", who: "admin" },
  { name: "collection", path: `${data}/ugc_applications`, who: "admin" },
  { name: "collection-filtered", path: `${data}/ugc_applications?field=status&op=eq&type=text&value=applied&count=1`, who: "admin" },
  { name: "collection-refused", path: `${data}/ugc_applications?raw=%7B%22%24where%22%3A1%7D`, who: "admin", status: 400 },
  { name: "collection-empty", path: `${data}/page_content`, who: "admin" },
  { name: "profile", path: `${data}/users/profile`, who: "admin" },
  { name: "indexes", path: `${data}/images.files/indexes`, who: "admin" },
  { name: "options", path: `${data}/users/options`, who: "admin" },
  { name: "document", path: `${data}/users/doc/${guarded._id}`, who: "admin" },
  { name: "document-large", path: `${data}/ugc_creators/doc/6953836c044ff85de553e187`, who: "admin" },
  { name: "export", path: `${data}/users/export`, who: "admin" },
  { name: "notices", path: "/admin/notifications", who: "admin" },
  { name: "notices-none", path: "/admin/notifications?type=backup_success", who: "admin" },
  { name: "silences", path: "/admin/notifications/silencios", who: "admin" },
  { name: "notices-own", path: "/notificaciones", who: "admin" },
  { name: "notices-creator", path: "/notificaciones", who: "creadora" },
  { name: "emails", path: "/admin/emails", who: "admin" },
  { name: "emails-whatsapp", path: "/admin/emails/whatsapp", who: "admin" },
  { name: "emails-suppressed", path: "/admin/emails/bloqueadas", who: "admin" },
  { name: "webhooks", path: "/admin/notifications/webhooks", who: "admin" },
  { name: "webhooks-guide", path: "/admin/notifications/webhooks/conectar", who: "admin" },
  { name: "jobs", path: "/admin/jobs", who: "admin" },
  { name: "backups", path: "/admin/backups", who: "admin" },
  { name: "backups-none", path: "/admin/backups?status=cancelled", who: "admin" },
  { name: "backups-restores", path: "/admin/backups/restauraciones", who: "admin" },
  { name: "backups-compare", path: "/admin/backups/comparar", who: "admin" },
  { name: "backups-verify", path: "/admin/backups/verificar", who: "admin" },
  { name: "backups-keys", path: "/admin/backups/claves", who: "admin" },
  { name: "backups-retention", path: "/admin/backups/retencion", who: "admin" },
  { name: "security", path: "/admin/seguridad", who: "admin" },
  { name: "campaign-new", path: "/admin/campaigns/nueva", who: "equipo" },
  { name: "campaign", path: `/admin/campaigns/${campaign}`, who: "equipo" },
  { name: "campaign-edit", path: `/admin/campaigns/${campaign}/editar`, who: "equipo" },
  { name: "campaign-state", path: `/admin/campaigns/${campaign}/estado`, who: "equipo" },
  { name: "campaign-slots", path: `/admin/campaigns/${campaign}/cupos`, who: "equipo" },
  { name: "campaign-applications", path: `/admin/campaigns/${campaign}/applications`, who: "equipo" },
  { name: "campaign-deliveries", path: `/admin/ugc/deliverables/${campaign}`, who: "equipo" },
  { name: "application-refuse", path: `/admin/applications/${application}/cancelar`, who: "equipo" },
  { name: "delivery", path: `/admin/deliverables/${delivery}`, who: "equipo" },
  { name: "creator", path: `/admin/ugc/creators/${creator}`, who: "equipo" },
  { name: "settings", path: "/admin/settings", who: "admin" },
  { name: "settings-staff", path: "/admin/settings", who: "equipo" },
  { name: "audit", path: "/admin/audit", who: "admin" },
  { name: "campaigns", path: "/admin?module=ugc&ugcTab=campaign-manager", who: "equipo" },
  { name: "campaigns-none", path: "/admin?module=ugc&ugcTab=campaign-manager&q=nada-de-esto", who: "equipo" },
  { name: "creators", path: "/admin?module=ugc&ugcTab=creators", who: "equipo" },
  { name: "creators-ordered", path: "/admin?module=ugc&ugcTab=creators&orden=instagram&densidad=compacta", who: "equipo" },
  { name: "deliveries", path: "/admin?module=ugc&ugcTab=deliverables", who: "equipo" },
  { name: "deliveries-late", path: "/admin?module=ugc&ugcTab=deliverables&atrasadas=1", who: "equipo" },
  { name: "finder", path: "/admin/buscar?q=an", who: "equipo" },
  { name: "profile-staff", path: "/mi-perfil", who: "admin" },
  { name: "profile-creator", path: "/mi-perfil", who: "creadora" },
  { name: "missing", path: "/admin/no-existe", who: "admin", status: 404 },
  { name: "forbidden", path: "/admin/data", who: "equipo", status: 403 },
];
