//! Every component in every state, in both themes: what the accessibility and screenshot tests look at.
//!
//! Shown at `/dev/ui` in demo mode only. The words here are samples, so they stand here and not in the catalogue.

use leptos::prelude::*;

use super::*;

/// The content of `/dev/ui`; a layout goes around it.
pub fn gallery() -> impl IntoView {
    view! {
        <PageHead title="Componentes" purpose="Cada pieza de la interfaz en todos sus estados, en los dos temas.">
            <LinkButton href="#claro">"Ir al tema claro"</LinkButton>
        </PageHead>
        <div data-theme="dark" class="panel" id="oscuro">
            {specimens("d")}
        </div>
        <div data-theme="light" class="panel section" id="claro">
            {specimens("l")}
        </div>
    }
}

fn specimens(key: &'static str) -> impl IntoView {
    view! {
        {section("Botones", buttons(key))}
        {section("Formulario", fields(key))}
        {section("Estados y avisos", states(key))}
        {section("Cifras", figures())}
        {section("Navegación", navigation(key))}
        {section("Tabla", tables())}
        {section("Documento", documents())}
        {section("Vacío, carga y error", absences())}
    }
}

fn section(title: &'static str, content: impl IntoAny) -> AnyView {
    view! {
        <section class="section">
            <h2>{title}</h2>
            {content.into_any()}
        </section>
    }
    .into_any()
}

fn buttons(key: &'static str) -> impl IntoView {
    view! {
        <div class="actions">
            <Button kind=ButtonKind::Primary>"Confirmar creadora"</Button>
            <Button>"Guardar borrador"</Button>
            <Button icon=Glyph::Download>"Descargar"</Button>
            <Button kind=ButtonKind::Danger>"Borrar 3 colecciones"</Button>
            <Button kind=ButtonKind::Plain>"Deshacer"</Button>
            <Button disabled=true>"No disponible"</Button>
            <LinkButton href="#" trailing=Glyph::ArrowRight>"Seguir"</LinkButton>
            <CopyButton label="Copiar" done="Copiado" text="6579a1"/>
        </div>
        <div class="actions">
            <Menu label="Exportar" icon=Glyph::Download>
                <a href="#">"JSON por líneas"</a>
                <a href="#">"CSV para Excel"</a>
                <a href="#">"XLSX"</a>
            </Menu>
            <Dialog id=format!("{key}-reveal") opener="Revelar" icon=Glyph::Eye title="Revelar datos personales">
                <p class="muted">"Queda registrado quién los vio, cuándo y por qué."</p>
                <form class="form" method="get">
                    <TextArea
                        name="reason"
                        id=format!("{key}-reason")
                        label="Motivo"
                        required=true
                        rows=3
                        hint="Por ejemplo: verificar una entrega con la creadora."
                    />
                    <div class="actions">
                        <Button kind=ButtonKind::Primary>"Revelar este documento"</Button>
                    </div>
                </form>
            </Dialog>
        </div>
    }
}

fn fields(key: &'static str) -> impl IntoView {
    let id = |name: &str| format!("{key}-{name}");
    view! {
        <form class="form" method="get">
            <Field name="email" id=id("email") label="Correo" r#type=FieldType::Email required=true autocomplete="off" value="lucia@ejemplo.com.py"/>
            <Field
                name="password"
                id=id("password")
                label="Contraseña"
                r#type=FieldType::Password
                required=true
                autocomplete="off"
                error="El correo o la contraseña no coinciden."
            />
            <Field name="phone" id=id("phone") label="Teléfono" r#type=FieldType::Tel placeholder="0981 123 456" hint="Con él te avisamos de los plazos."/>
            <Select
                name="operator"
                id=id("operator")
                label="Operador"
                value="gt"
                choices=vec![Choice::new("eq", "es igual a"), Choice::new("gt", "es mayor que"), Choice::new("exists", "existe")]
            />
            <DateField name="from" id=id("from") label="Desde" value="2026-11-24"/>
            <TextArea name="filter" id=id("filter") label="Filtro en JSON" mono=true rows=3 value="{ \"status\": \"confirmed\" }" error="Falta cerrar una llave en la línea 1."/>
            <Checkbox name="personal" id=id("personal") label="Incluir datos personales" hint="Pide un motivo y queda registrado."/>
            <Checkbox name="terms" id=id("terms") label="Acepto los términos" checked=true/>
        </form>
        <form class="filters" method="get">
            <SearchField name="q" label=format!("Buscar colección ({key})")/>
        </form>
        <FilterChips
            clear="#"
            chips=vec![
                Chip { label: "estado es igual a confirmada".into(), remove: "#".into() },
                Chip { label: "creada después del 24/11/2026".into(), remove: "#".into() },
            ]
        />
    }
}

fn states(key: &'static str) -> impl IntoView {
    view! {
        <p class="actions">
            <Status tone=Tone::Good label="Confirmada"/>
            <Status tone=Tone::Attention label="Vence mañana"/>
            <Status tone=Tone::Bad label="Vencida"/>
            <Status tone=Tone::Info label="En revisión"/>
            <Status tone=Tone::Neutral label="Borrador"/>
            <span>"ugc_ratings" <Badge label="vacía"/> <Badge label="no prevista"/></span>
            <Tooltip id=format!("{key}-tip") tip="Contado a las 18:30 del 24/11/2026.">"354 documentos"</Tooltip>
        </p>
        <PlaceBanner place=Place::Imported kind="Importada" database="legacy" detail="Demostración · servidor embebido · solo lectura"/>
        <PlaceBanner place=Place::Live kind="En uso" database="canje" detail="Producción · cluster0 · solo lectura"/>
        <PlaceBanner place=Place::Preview kind="Prueba" database="preview_2026" detail="Copia que se puede borrar"/>
        <Banner tone=Tone::Attention title="Dos cuentas tienen el mismo correo">
            <p>"Una quedó sin acceso hasta que alguien elija cuál lo conserva."</p>
            <div class="actions"><LinkButton href="#">"Resolver"</LinkButton></div>
        </Banner>
        <Banner tone=Tone::Bad title="No pudimos leer el último respaldo"/>
        <Banner tone=Tone::Good title="Las 33 colecciones coinciden con el respaldo"/>
        <Banner tone=Tone::Info title="Mientras dure la copia, las cuentas solo se pueden mirar"/>
        <Progress label="Importando ugc_applications" of=(12_000, 40_000) detail="12.000 de 40.000 documentos"/>
        <Progress label="Preparando el archivo"/>
        <FactList facts=vec![
            Fact::new("Base de datos", view! { <code>"legacy"</code> }),
            Fact::new("Servidor", "local, réplica de un nodo"),
            Fact::new("Estado", view! { <Status tone=Tone::Good label="Verificada"/> }),
        ]/>
    }
}

fn figures() -> impl IntoView {
    view! {
        <Stats>
            <StatTile label="Colecciones" value="33" detail="4 vacías" href="#"/>
            <StatTile label="Documentos" value="7.380" detail="contados hoy, 18:30"/>
            <StatTile label="Postulaciones por semana" value="128" detail="12 más que la anterior">
                <Sparkline values=vec![4.0, 6.0, 5.0, 9.0, 8.0, 12.0, 14.0] label="De 4 a 14 en siete semanas"/>
            </StatTile>
            <StatTile label="Entregas" failed="No se pudo leer"/>
        </Stats>
    }
}

fn navigation(key: &'static str) -> impl IntoView {
    view! {
        <Breadcrumb label=format!("Estás en ({key})") crumbs=vec![Crumb::link("Datos", "#"), Crumb::link("legacy", "#"), Crumb::here("ugc_applications")]/>
        <Tabs
            label=format!("Vistas de la colección {key}")
            tabs=vec![
                Tab::new("Documentos", "#", true).count("354"),
                Tab::new("Perfil", "#", false),
                Tab::new("Índices", "#", false).count("1"),
                Tab::new("Opciones", "#", false),
            ]
        />
        <Pager
            label=format!("Páginas ({key})")
            position="51–100 de 354 documentos"
            links=PagerLinks { first: Some("#".into()), previous: Some("#".into()), next: Some("#".into()), last: None }
            jump=Jump { action: "#".into(), name: "at".into(), label: "Ir al documento".into(), keep: Vec::new() }
        />
    }
}

fn tables() -> impl IntoView {
    let row = |name: &'static str,
               marks: &'static [&'static str],
               count: &'static str,
               size: &'static str,
               newest: &'static str| {
        view! {
            <tr>
                <Cell kind=CellKind::Primary>
                    <a href="#" class="mono">{name}</a>
                    {marks.iter().map(|mark| view! { <Badge label=*mark/> }).collect_view()}
                </Cell>
                <Cell kind=CellKind::Number unit="documentos">{count}</Cell>
                <Cell kind=CellKind::Number>{size}</Cell>
                <Cell kind=CellKind::Wide>{newest}</Cell>
                <Cell kind=CellKind::Action><a href="#">"Índices"</a></Cell>
            </tr>
        }
    };
    let columns = || {
        vec![
            Column::new("Colección", CellKind::Primary).sortable("#", Some(Sorted::Ascending)),
            Column::new("Documentos", CellKind::Number).sortable("#", None),
            Column::new("Tamaño", CellKind::Number).sortable("#", None),
            Column::new("Más reciente", CellKind::Wide),
            Column::new("Acciones", CellKind::Action),
        ]
    };
    view! {
        <Table caption="Colecciones de ejemplo" columns=columns()>
            {row("audit_logs", &[], "602", "412,8 kB", "hoy, 09:12")}
            {row("ugc_applications", &[], "354", "986,1 kB", "ayer, 21:40")}
            {row("ugc_ratings", &["vacía"], "0", "0 B", "—")}
            {row("una_coleccion_con_un_nombre_de_mas_de_sesenta_caracteres_para_probar", &["no prevista"], "1.234.567", "1,2 GB", "24 nov 2025, 18:30")}
        </Table>
        <Table caption="Colecciones de ejemplo, en compacto" columns=columns() density=Density::Compact>
            {row("shop_products", &[], "3.312", "1,9 MB", "1 feb, 03:00")}
            {row("images.files", &["GridFS"], "20", "6,4 kB", "1 feb, 03:00")}
        </Table>
    }
}

fn documents() -> impl IntoView {
    let scalar = |key: &str, type_label: &'static str, text: &str| Node {
        key: key.into(),
        type_label: type_label.into(),
        value: NodeValue::Scalar { text: text.into(), truncated_len: None },
        link: None,
    };
    let group = |key: &str, type_label: &'static str, total: u64, items: Vec<Node>| Node {
        key: key.into(),
        type_label: type_label.into(),
        value: NodeValue::Children { items, total },
        link: None,
    };
    let nodes = vec![
        scalar("_id", "objectId", "6579a1f0c3b2a1908f7e6d5c"),
        Node { link: Some("#".into()), ..scalar("creator_id", "string", "0c9d3b1e-7a52-4c1f-9a44-6d0e51b7a2f3") },
        Node { value: NodeValue::Masked, ..scalar("email", "string", "") },
        Node {
            value: NodeValue::Hidden { reason: "contraseña cifrada · 60 caracteres".into() },
            ..scalar("password_hash", "string", "")
        },
        scalar("status", "string", "confirmed"),
        scalar("slots", "int32", "1"),
        scalar("slots", "int64", "1"),
        scalar("rating", "double", "4.0"),
        scalar("withdrawn_at", "null", "null"),
        Node {
            value: NodeValue::Scalar {
                text: "Hola, me encanta la propuesta: hago reseñas de cafeterías desde 2021 y tengo una comunidad chica pero muy activa en Asunción".into(),
                truncated_len: Some(1_840),
            },
            ..scalar("motivation", "string", "")
        },
        group(
            "status_history",
            "array",
            1_500,
            vec![group("0", "object", 2, vec![scalar("status", "string", "applied"), scalar("at", "string", "2026-01-31T12:34:56.123456+00:00")])],
        ),
        group("tags", "array", 0, Vec::new()),
    ];
    view! { <JsonTree nodes whole="#"/> }
}

fn absences() -> impl IntoView {
    view! {
        <EmptyState title="Todavía no hay campañas" hint="Empezá por una: en cinco pasos cortos queda publicada.">
            <LinkButton href="#" icon=Glyph::Plus>"Nueva campaña"</LinkButton>
        </EmptyState>
        <Skeleton lines=4/>
        <ErrorState
            title="La consulta tardó demasiado"
            detail="La cortamos a los 5 segundos. Tus filtros siguen acá y no se cambió ningún dato."
            reference="C-7F3A-91"
        >
            <LinkButton href="#" icon=Glyph::RotateCw>"Probar de nuevo"</LinkButton>
            <LinkButton href="#">"Quitar filtros"</LinkButton>
        </ErrorState>
    }
}
