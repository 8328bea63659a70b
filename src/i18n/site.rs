//! Words of the public pages.

pub const FOOT_LINE: &str = "Canje. Producto por contenido, en Paraguay.";
pub const FOOT_SOURCE: &str = "Software de código abierto, con licencia MIT o Apache 2.0.";

pub const NAV_CREATORS: &str = "Para quien crea";
pub const NAV_BRANDS: &str = "Para marcas";
pub const NAV_HOW: &str = "Cómo funciona";

pub const HOME_TITLE: &str = "Producto por contenido";
pub const HOME_DESCRIPTION: &str = "Canje une a marcas paraguayas con personas que crean contenido: un producto a cambio de una publicación, con plazos y resultados a la vista.";
pub const HERO_TITLE: &str = "Un producto, a\u{a0}cambio de una buena historia.";
pub const HERO_LEAD: &str = "Canje une a marcas paraguayas con personas que crean contenido. La marca ofrece lo que hace; quien crea lo prueba, lo muestra y lo publica.";
pub const HERO_CAMPAIGNS: &str = "Ver campañas abiertas";
pub const HERO_CTA: &str = "Ingresar a tu cuenta";
pub const HERO_MORE: &str = "Ver cómo funciona";

pub const CREATORS_TITLE: &str = "Elegís qué contar";
pub const CREATORS_LEAD: &str =
    "Mirás las campañas abiertas, te postulás con tu perfil y sabés siempre cuál es el próximo paso.";
pub const CREATORS_POINTS: [(&str, &str); 3] = [
    ("Un plazo claro", "Cada entrega tiene su fecha y un aviso dos días antes."),
    ("Un nivel que se gana", "La puntualidad y las calificaciones te abren más campañas."),
    ("Tu teléfono es tuyo", "Las marcas ven tu trabajo, no tus datos de contacto."),
];

pub const BRANDS_TITLE: &str = "Ves qué volvió";
pub const BRANDS_LEAD: &str =
    "Contás qué ofrecés y a quién querés llegar. El equipo elige con vos, sigue cada entrega y junta los resultados.";
pub const BRANDS_POINTS: [(&str, &str); 3] = [
    ("Cupos por mes", "Un contrato dice cuántas publicaciones son y cuándo se renuevan."),
    ("Números revisados", "Alcance e interacción salen de las capturas y una persona los revisa."),
    ("Un solo lugar", "Publicaciones, plazos y reportes, sin planillas ni mensajes perdidos."),
];

pub const HOW_TITLE: &str = "Un canje, de principio a fin";
pub const HOW_EXAMPLE: &str =
    "Un ejemplo: una cafetería de Asunción invita un desayuno para dos, valor 180.000\u{a0}Gs, a cuatro personas.";
pub const HOW_STEPS: [(&str, &str, &str); 5] = [
    ("3 nov", "La marca publica", "Qué ofrece, cuántos cupos hay y qué espera ver."),
    ("5 nov", "Las personas se postulan", "Con su perfil y sus redes verificadas."),
    ("9 nov", "El equipo confirma", "Cada confirmación ocupa un cupo y fija los plazos."),
    ("16 nov", "Se publica", "El enlace queda registrado antes de la fecha."),
    ("23 nov", "Se mide", "Los resultados llegan al reporte de la marca."),
];

pub const TRUST_TITLE: &str = "Nada queda en el aire.";
pub const TRUST_POINTS: [(&str, &str); 4] = [
    ("Cada paso queda escrito", "Quién hizo qué y cuándo: el registro solo crece, nadie lo edita."),
    ("Los datos personales se cuidan", "Se muestran a quien los necesita, con motivo y con registro."),
    ("Se puede comprobar", "Quien administra mira sus datos documento por documento, antes de decidir nada."),
    ("El código está a la vista", "Cualquiera puede leer cómo funciona y ponerlo a prueba."),
];

pub const CLOSING_TITLE: &str = "¿Ya tenés cuenta?";
pub const CLOSING_LEAD: &str = "Entrá y seguí donde quedaste.";
