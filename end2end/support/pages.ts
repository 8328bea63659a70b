// Every page there is, for the checks that go through all of them: accessibility, overflow, weight, pictures.
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

export const pages: PageUnderTest[] = [
  { name: "home", path: "/", who: null },
  { name: "login", path: "/login", who: null },
  { name: "missing-guest", path: "/no-existe", who: null, status: 404 },
  { name: "gallery", path: "/dev/ui", who: null },
  { name: "admin", path: "/admin", who: "admin" },
  { name: "admin-staff", path: "/admin", who: "equipo" },
  { name: "data", path: "/admin/data", who: "admin" },
  { name: "collection", path: `${data}/ugc_applications`, who: "admin" },
  { name: "collection-empty", path: `${data}/page_content`, who: "admin" },
  { name: "audit", path: "/admin/audit", who: "admin" },
  { name: "profile-staff", path: "/mi-perfil", who: "admin" },
  { name: "profile-creator", path: "/mi-perfil", who: "creadora" },
  { name: "missing", path: "/admin/no-existe", who: "admin", status: 404 },
  { name: "forbidden", path: "/admin/data", who: "equipo", status: 403 },
];
