//! The design system as whole documents: strict about what the content security policy refuses, and small.
//!
//! With `CANJE_RENDER_DIR` set, the rendered pages and their assets are left in that directory, to be looked at in a
//! browser without a database.

use std::io::Write;
use std::path::{Path, PathBuf};

use canje::assets::{self, Assets, Sources};
use canje::site;
use canje::ui::layouts::{self, Frame, NavItem, SessionEnd, UserSummary};
use canje::ui::*;
use leptos::prelude::*;

/// First HTML of any page, the style sheet, and all scripts, in brotli bytes.
const HTML_BUDGET: usize = 14_000;
const CSS_BUDGET: u64 = 12_000;
const SCRIPT_BUDGET: u64 = 6_000;

fn built() -> (tempfile::TempDir, assets::Report, Assets) {
    let dir = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources =
        Sources { root: root.into(), pkg: dir.path().join("no-browser-build"), site: dir.path().join("assets") };
    let report = assets::build(&sources).unwrap();
    let assets = Assets::load(&sources.site).unwrap();
    (dir, report, assets)
}

fn render(document: impl FnOnce() -> AnyView) -> String {
    Owner::new().with(|| document().to_html())
}

fn frame(title: &str) -> Frame {
    Frame { title: title.into(), demo: true, ..Frame::default() }
}

fn back_office(title: &str, section: &str) -> Frame {
    let nav = vec![
        NavItem::new("/admin", "Inicio", Glyph::House, section == "/admin"),
        NavItem::new("/admin/data", "Datos", Glyph::Database, section == "/admin/data").group("Administración"),
        NavItem::new("/admin/audit", "Auditoría", Glyph::ScrollText, section == "/admin/audit").badge("3"),
    ];
    Frame {
        nav,
        user: Some(UserSummary { name: "Lucía Benítez".into(), role: "Administración".into() }),
        session: Some(SessionEnd {
            seconds_left: 1_800,
            warn_seconds: 300,
            renew_path: "/session/renew".into(),
            ended_path: "/?session_expired=true".into(),
        }),
        ..frame(title)
    }
}

fn documents(assets: &Assets) -> Vec<(&'static str, String)> {
    vec![
        ("index", render(|| site::home(assets, frame("")))),
        ("login", render(|| layouts::site(assets, Frame { is_sign_in: true, ..frame("Ingresar") }, login(None)))),
        (
            "login-refused",
            render(|| {
                layouts::site(
                    assets,
                    Frame { is_sign_in: true, ..frame("Ingresar") },
                    login(Some("El correo o la contraseña no coinciden.")),
                )
            }),
        ),
        ("collections", render(|| layouts::admin(assets, collections_frame(), collections()))),
        ("document", render(|| layouts::admin(assets, document_frame(), document_page()))),
        ("admin", render(|| layouts::admin(assets, back_office("Inicio", "/admin"), dashboard()))),
        ("profile", render(|| layouts::creator(assets, creator_frame(), profile()))),
        ("gallery", render(|| layouts::admin(assets, back_office("Componentes", ""), gallery::gallery()))),
        ("not-found", render(|| layouts::site(assets, frame("No está"), not_found()))),
    ]
}

fn login(error: Option<&'static str>) -> impl IntoAny {
    view! {
        <div class="gate">
            <h1>"Ingresar"</h1>
            <form class="form" method="post" action="/login">
                <Field name="email" label="Correo" r#type=FieldType::Email required=true autocomplete="username" autofocus=true/>
                <Field
                    name="password"
                    label="Contraseña"
                    r#type=FieldType::Password
                    required=true
                    autocomplete="current-password"
                    error=error
                />
                <Button kind=ButtonKind::Primary testid="submit">"Ingresar"</Button>
            </form>
            <p class="gate-foot">"¿No podés entrar? Escribile a quien administra tu cuenta."</p>
        </div>
    }
}

fn collections_frame() -> Frame {
    Frame {
        crumbs: vec![Crumb::link("Inicio", "/admin"), Crumb::here("Datos")],
        toast: Some(Toast::new(Tone::Good, "Contamos de nuevo las 33 colecciones.")),
        ..back_office("Datos", "/admin/data")
    }
}

fn collections() -> impl IntoAny {
    let names = [
        ("admin_settings", "1", "2,1 kB", ""),
        ("audit_logs", "602", "412,8 kB", ""),
        ("brand_inquiries", "14", "18,3 kB", ""),
        ("email_logs", "1.204", "702,4 kB", ""),
        ("images.chunks", "20", "1,9 MB", "GridFS"),
        ("images.files", "20", "6,4 kB", "GridFS"),
        ("orders", "23", "41 kB", ""),
        ("page_content", "0", "0 B", "vacía"),
        ("payment_transactions", "0", "0 B", "vacía"),
        ("shop_products", "3.312", "1,9 MB", ""),
        ("temp_images", "44", "8,8 kB", "obsoleta"),
        ("ugc_applications", "354", "986,1 kB", ""),
        ("ugc_creators", "264", "611,5 kB", ""),
        ("ugc_ratings", "2", "1,1 kB", "no prevista"),
        ("users", "372", "398,2 kB", ""),
    ];
    let rows = names
        .into_iter()
        .map(|(name, count, size, mark)| {
            view! {
                <tr>
                    <Cell kind=CellKind::Primary>
                        <a class="mono" href="/admin/data/legacy/x">{name}</a>
                        {(!mark.is_empty()).then(|| view! { <Badge label=mark/> })}
                    </Cell>
                    <Cell kind=CellKind::Number unit="documentos">{count}</Cell>
                    <Cell kind=CellKind::Number>{size}</Cell>
                    <Cell kind=CellKind::Number unit="índices">"1"</Cell>
                    <Cell kind=CellKind::Wide>"1 feb, 03:00"</Cell>
                    <Cell kind=CellKind::Action><a href="/x">"Perfil"</a></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <PageHead title="Datos" purpose="Todo lo que hay en la base importada, documento por documento. Acá nada se puede cambiar.">
            <LinkButton href="/x" icon=Glyph::RotateCw>"Contar de nuevo"</LinkButton>
        </PageHead>
        <div class="stack">
            <PlaceBanner place=Place::Imported kind="Importada" database="legacy" detail="Demostración · servidor embebido · sólo lectura">
                <Menu label="Cambiar de base" align_end=true>
                    <a href="/x">"canje · en uso"</a>
                    <a href="/x">"legacy_a · importada"</a>
                </Menu>
            </PlaceBanner>
            <Stats>
                <StatTile label="Colecciones" value="33" detail="4 vacías"/>
                <StatTile label="Documentos" value="7.380" detail="contados hoy, 18:30"/>
                <StatTile label="Tamaño" value="4,98 MB"/>
                <StatTile label="Índices" value="37"/>
            </Stats>
            <form class="filters" method="get" data-autosubmit="">
                <SearchField name="q" label="Buscar colección"/>
                <Select name="kind" label="Mostrar" choices=vec![Choice::new("", "Todas"), Choice::new("empty", "Vacías")]/>
                <Button>"Aplicar"</Button>
            </form>
            <Table
                caption="Colecciones"
                columns=vec![
                    Column::new("Colección", CellKind::Primary).sortable("?sort=-name", Some(Sorted::Ascending)),
                    Column::new("Documentos", CellKind::Number).sortable("?sort=count", None),
                    Column::new("Tamaño", CellKind::Number).sortable("?sort=size", None),
                    Column::new("Índices", CellKind::Number),
                    Column::new("Más reciente", CellKind::Wide),
                    Column::new("Acciones", CellKind::Action),
                ]
            >
                {rows}
            </Table>
            <Pager
                position="1–15 de 33 colecciones"
                links=PagerLinks { next: Some("?after=x".into()), last: Some("?last".into()), ..Default::default() }
                jump=Jump { action: "/x".into(), name: "at".into(), label: "Ir al documento".into(), keep: vec![] }
            />
        </div>
    }
}

fn document_frame() -> Frame {
    Frame {
        crumbs: vec![
            Crumb::link("Datos", "/admin/data"),
            Crumb::link("legacy", "/x"),
            Crumb::link("ugc_applications", "/x"),
            Crumb::here("6579a1f0c3b2a1908f7e6d5c"),
        ],
        ..back_office("6579a1f0c3b2a1908f7e6d5c", "/admin/data")
    }
}

fn document_page() -> impl IntoAny {
    let scalar = |key: &str, type_label: &'static str, text: &str| Node {
        key: key.into(),
        type_label: type_label.into(),
        value: NodeValue::Scalar { text: text.into(), truncated_len: None },
        link: None,
    };
    let object = |key: &str, type_label: &'static str, total: u64, items: Vec<Node>| Node {
        key: key.into(),
        type_label: type_label.into(),
        value: NodeValue::Children { items, total },
        link: None,
    };
    let nodes = vec![
        scalar("_id", "objectId", "6579a1f0c3b2a1908f7e6d5c"),
        scalar("application_id", "string", "b1c5d0b7-8e0e-4f26-90a4-3a4f2b9d5b10"),
        Node { link: Some("/x".into()), ..scalar("creator_id", "string", "0c9d3b1e-7a52-4c1f-9a44-6d0e51b7a2f3") },
        Node { link: Some("/x".into()), ..scalar("campaign_id", "string", "5f7d9c61-0f52-4b8e-8a3d-51c4f1a0d8ef") },
        Node { value: NodeValue::Masked, ..scalar("email", "string", "") },
        Node { value: NodeValue::Masked, ..scalar("phone", "string", "") },
        Node { value: NodeValue::Hidden { reason: "contraseña cifrada · 60 caracteres".into() }, ..scalar("password_hash", "string", "") },
        scalar("status", "string", "confirmed"),
        scalar("slots", "int32", "1"),
        scalar("slots", "int64", "1"),
        scalar("rating", "double", "4.0"),
        scalar("withdrawn_at", "null", "null"),
        Node {
            value: NodeValue::Scalar { text: "Hola, me encanta la propuesta: hago reseñas de cafeterías desde 2021 y tengo una comunidad chica pero muy activa en Asunción, sobre todo los fines de semana".into(), truncated_len: Some(1_840) },
            ..scalar("motivation", "string", "")
        },
        object("social_accounts", "array", 2, vec![
            object("0", "object", 3, vec![scalar("platform", "string", "instagram"), scalar("followers", "int32", "12840"), scalar("verified", "bool", "true")]),
            object("1", "object", 3, vec![scalar("platform", "string", "tiktok"), scalar("followers", "int32", "5210"), scalar("verified", "bool", "false")]),
        ]),
        object("status_history", "array", 1, vec![object("0", "object", 2, vec![scalar("status", "string", "applied"), scalar("at", "string", "2026-01-31T12:34:56.123456+00:00")])]),
        object("tags", "array", 0, vec![]),
    ];
    view! {
        <PageHead title="6579a1f0c3b2a1908f7e6d5c" mono=true purpose="Documento 52 de 354 de ugc_applications, tal como está guardado.">
            <Dialog id="reveal" opener="Revelar" icon=Glyph::Eye title="Revelar datos personales">
                <p class="muted">"Queda registrado quién los vio, cuándo y por qué."</p>
                <form class="form" method="post" action="/x">
                    <TextArea name="reason" label="Motivo" required=true rows=3/>
                    <div class="actions"><Button kind=ButtonKind::Primary>"Revelar este documento"</Button></div>
                </form>
            </Dialog>
            <LinkButton href="/x" icon=Glyph::Download>"Descargar JSON"</LinkButton>
        </PageHead>
        <div class="stack">
            <PlaceBanner place=Place::Imported kind="Importada" database="legacy" detail="Demostración · servidor embebido · sólo lectura"/>
            <Tabs label="Vistas" tabs=vec![Tab::new("Campos", "#", true), Tab::new("JSON", "#", false)]/>
            <JsonTree nodes whole="/x"/>
        </div>
    }
}

fn dashboard() -> impl IntoAny {
    view! {
        <PageHead title="Buen día, Lucía" purpose="Dos cosas te esperan hoy; lo demás está en orden."/>
        <div class="stack">
            <Banner tone=Tone::Attention title="Dos cuentas tienen el mismo correo">
                <p>"Una quedó sin acceso hasta que alguien elija cuál lo conserva. " <a href="/x">"Resolver"</a></p>
            </Banner>
            <Stats>
                <StatTile label="Colecciones" value="33" detail="legacy, importada" href="/admin/data"/>
                <StatTile label="Documentos" value="7.380" detail="contados hoy, 18:30" href="/admin/data"/>
                <StatTile label="Cuentas" value="372" detail="5 con observaciones" href="/x"/>
                <StatTile label="Auditoría" failed="No se pudo leer" href="/x"/>
            </Stats>
        </div>
        <section class="section">
            <h2>"Actividad reciente"</h2>
            <Table caption="Actividad" columns=vec![Column::new("Qué", CellKind::Primary), Column::new("Quién", CellKind::Text), Column::new("Cuándo", CellKind::Text)]>
                <tr><Cell kind=CellKind::Primary>"Entró al panel"</Cell><Cell>"Lucía Benítez"</Cell><Cell>"hoy, 09:12"</Cell></tr>
                <tr><Cell kind=CellKind::Primary>"Miró un documento de ugc_applications"</Cell><Cell>"Lucía Benítez"</Cell><Cell>"hoy, 09:14"</Cell></tr>
                <tr><Cell kind=CellKind::Primary>"Exportó 354 filas"</Cell><Cell>"Hugo Cáceres"</Cell><Cell>"ayer, 18:40 · 23 nov"</Cell></tr>
            </Table>
        </section>
    }
}

fn creator_frame() -> Frame {
    let nav = vec![
        NavItem::new("/x", "Campañas", Glyph::Megaphone, false),
        NavItem::new("/x", "Avisos", Glyph::Inbox, false).badge("2"),
        NavItem::new("/mi-perfil", "Mi perfil", Glyph::UserRound, true),
    ];
    Frame {
        nav, user: Some(UserSummary { name: "Sofía Rojas".into(), role: "Creadora".into() }), ..frame("Mi perfil")
    }
}

fn profile() -> impl IntoAny {
    view! {
        <PageHead title="Mi perfil" purpose="Tus datos y las sesiones abiertas con tu cuenta."/>
        <FactList facts=vec![
            Fact::new("Nombre", "Sofía Rojas"), Fact::new("Correo", "sofia@ejemplo.com.py"), Fact::new("Teléfono", "+595 981 123 456"),
            Fact::new("Estado", view! { <Status tone=Tone::Good label="Cuenta activa"/> }),
        ]/>
        <section class="section">
            <h2>"Sesiones abiertas"</h2>
            <Table caption="Sesiones" columns=vec![Column::new("Dispositivo", CellKind::Primary), Column::new("Último uso", CellKind::Text), Column::new("IP", CellKind::Text)]>
                <tr><Cell kind=CellKind::Primary>"Chrome en Android" <Badge label="esta"/></Cell><Cell>"recién"</Cell><Cell>"190.128.0.10"</Cell></tr>
                <tr><Cell kind=CellKind::Primary>"Firefox en Windows"</Cell><Cell>"ayer, 21:40 · 23 nov"</Cell><Cell>"190.128.0.22"</Cell></tr>
            </Table>
            <form method="post" action="/x" class="actions"><Button kind=ButtonKind::Danger>"Cerrar todas las sesiones"</Button></form>
        </section>
    }
}

fn not_found() -> impl IntoAny {
    view! {
            <ErrorState
                title="Esta página no está."
                detail="Puede que el enlace sea viejo o que no tengas acceso. No se perdió nada."
                reference="C-7F3A-91"
                is_page=true
            >
                <LinkButton href="/" kind=ButtonKind::Primary>"Ir al inicio"</LinkButton>
            </ErrorState>
    }
}

fn brotli_len(content: &str) -> usize {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 5, 22);
    writer.write_all(content.as_bytes()).unwrap();
    drop(writer);
    out.len()
}

#[test]
fn documents_keep_the_content_security_policy_and_the_budget() {
    let (_dir, report, assets) = built();
    for (name, html) in documents(&assets) {
        assert!(html.starts_with("<!DOCTYPE html>"), "{name}: {}", &html[..60]);
        assert!(!html.contains(" style="), "{name} has an inline style");
        for (at, _) in html.match_indices("<script") {
            let tag = &html[at..at + html[at..].find("</script>").unwrap()];
            assert!(tag.contains("src=\"/assets/") && tag.ends_with('>'), "{name} has an inline script: {tag}");
        }
        for (at, _) in html.match_indices("\"/assets/") {
            let path = html[at + 9..].split(['"', '?']).next().unwrap();
            assert!(
                report.manifest.files.values().any(|file| file.path == path),
                "{name} names a missing asset {path}"
            );
        }
        let ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{name} repeats an id: {ids:?}");
        let size = brotli_len(&html);
        println!("{name}: {size} bytes in brotli");
        // The gallery shows everything twice; it isn't a page of the product.
        assert!(name == "gallery" || size <= HTML_BUDGET, "{name}: {size} bytes");
    }
    println!("css {} · js {}", report.brotli_bytes("css/"), report.brotli_bytes("js/"));
    assert!(report.brotli_bytes("css/") <= CSS_BUDGET, "css: {} bytes", report.brotli_bytes("css/"));
    assert!(report.brotli_bytes("js/") <= SCRIPT_BUDGET, "scripts: {} bytes", report.brotli_bytes("js/"));
}

#[test]
fn pages_are_left_to_look_at_when_asked() {
    let Some(target) = std::env::var_os("CANJE_RENDER_DIR").map(PathBuf::from) else { return };
    let sources = Sources { site: target.join("assets"), ..Sources::at(env!("CARGO_MANIFEST_DIR")) };
    assets::build(&sources).unwrap();
    let assets = Assets::load(&sources.site).unwrap();
    for (name, html) in documents(&assets) {
        std::fs::write(target.join(format!("{name}.html")), html).unwrap();
    }
}
