//! The words of the local twins of outside services.

use std::net::SocketAddr;

use super::number::counted;
use crate::emulators::Service;
use crate::emulators::uptimerobot::Happening;

/// `canje emulators --listen`.
pub const HELP_LISTEN: &str = "Dónde escuchar; solo en esta máquina";
/// `canje emulators --app`.
pub const HELP_APP: &str = "Dónde está la aplicación que recibe los webhooks";

/// `CANJE_EMULATORS_ADDR` isn't an address.
pub fn bad_address(address: &str) -> String {
    format!("CANJE_EMULATORS_ADDR debe ser una dirección con puerto, como 127.0.0.1:3900, y es «{address}»")
}
/// The twins are for this machine.
pub fn not_loopback(address: SocketAddr) -> String {
    format!("los servicios simulados solo escuchan en esta máquina, y {address} se ve desde afuera")
}
/// The port is taken.
pub fn cannot_listen(address: SocketAddr) -> String {
    format!("los servicios simulados no pueden escuchar en {address}: ¿ya hay otros? Cambiá CANJE_EMULATORS_ADDR")
}
/// `canje emulators` is up.
pub fn listening(url: &str) -> String {
    format!("Servicios simulados en {url}. Las variables de arriba apuntan la aplicación a ellos. Ctrl-C los detiene.")
}

/// A service's name.
pub fn service(service: Service) -> &'static str {
    match service {
        Service::Resend => "Resend",
        Service::Sentry => "Sentry",
        Service::Uptimerobot => "UptimeRobot",
        Service::Twilio => "Twilio",
        Service::Cloudinary => "Cloudinary",
    }
}
/// What it does.
pub fn stands_for(service: Service) -> &'static str {
    match service {
        Service::Resend => "los correos que salen",
        Service::Sentry => "los errores que se informan",
        Service::Uptimerobot => "la vigilancia desde afuera",
        Service::Twilio => "los mensajes de WhatsApp",
        Service::Cloudinary => "los archivos y los backups diarios",
    }
}

/// The document's title.
pub fn title(page: &str) -> String {
    format!("{page} | Servicios simulados de Canje")
}
/// The heading of the first page.
pub const INDEX_TITLE: &str = "Servicios simulados";
/// The link to it.
pub const INDEX: &str = "Todos";
/// The list of services, to screen readers.
pub const SERVICES: &str = "Servicios";
/// What they are for.
pub const PURPOSE: &str = "En la demostración nada sale de esta máquina: los correos, los errores y los mensajes llegan acá. \
     Cada servicio responde con las reglas del verdadero y puede fallar cuando se le pide.";
/// The application they talk to.
pub const APP: &str = "La aplicación está en";
/// How many requests came.
pub fn arrived(count: usize) -> String {
    counted(count as u64, "pedido", "pedidos")
}
/// Nothing is told to fail.
pub const WORKS: &str = "funciona";
/// Something is.
pub fn fails(instructions: usize) -> String {
    format!("falla a pedido ({})", counted(instructions as u64, "instrucción", "instrucciones"))
}
/// The list of requests.
pub const RECEIVED: &str = "Lo que llegó";
/// The list is empty.
pub const NOTHING_YET: &str =
    "Todavía no llegó ningún pedido. Mandá un correo de prueba o un evento de prueba desde la administración.";
/// A column.
pub const WHEN: &str = "Cuándo";
/// A column.
pub const SERVICE: &str = "Servicio";
/// A column.
pub const REQUEST: &str = "Pedido";
/// A column.
pub const ANSWER: &str = "Respuesta";
/// A column.
pub const KIND: &str = "Tipo";
/// A column.
pub const WHAT: &str = "Qué";
/// A column.
pub const MONITOR: &str = "Tarea";
/// A column.
pub const STATE: &str = "Estado";
/// A column.
pub const ODD: &str = "Observación";
/// The check-ins of scheduled jobs.
pub const CHECK_INS: &str = "Tareas programadas";
/// An item without a title.
pub fn bytes(bytes: usize) -> String {
    counted(bytes as u64, "byte", "bytes")
}
/// An answer that was asked for.
pub fn told_to_answer(status: u16) -> String {
    format!("{status}, a pedido")
}
/// No answer.
pub fn unanswered(fault: &str) -> &'static str {
    match fault {
        "hung" => "ninguna: quedó colgado, a pedido",
        "lost" => "atendido y cortado, a pedido",
        "torn" => "cortada por la mitad, a pedido",
        _ => "cortado, a pedido",
    }
}
/// The heading over how to make one fail.
pub const FAILING: &str = "Hacer fallar un servicio";
/// How.
pub const FAILING_HOW: &str = "Una instrucción en JSON dice cómo (status, body, headers, delay_ms, hang, cut, lose, tear o halve), cuántas veces (times) \
     y, si hace falta, para qué dirección (path). Con DELETE vuelve a funcionar.";
/// An example to paste.
pub fn failing_example(url: &str) -> String {
    format!(
        "curl -X POST {url}/_control/resend/faults -H 'content-type: application/json' -d '{{\"status\":503,\"times\":2}}'\n\
         curl -X DELETE {url}/_control/resend/faults"
    )
}

/// The heading over the messages that would have left.
pub const INBOX: &str = "Correos que llegaron";
/// There are none.
pub const NO_MAIL: &str = "Todavía no llegó ningún correo. Mandate uno de prueba desde Administración → Correos.";
/// There are none.
pub const NO_MESSAGES: &str = "Todavía no llegó ningún mensaje.";
/// A column.
pub const MAIL_TO: &str = "Para";
/// A column.
pub const MAIL_SUBJECT: &str = "Asunto";
/// A column: the webhooks about a message and how they were answered.
pub const MAIL_TOLD: &str = "Webhooks enviados";
/// The frame with the message.
pub const MAIL_HTML: &str = "El correo como lo ve quien lo recibe";
/// The plain part.
pub const MAIL_TEXT: &str = "Texto";
/// The request's headers.
pub const MAIL_HEADERS: &str = "Encabezados del pedido";
/// The heading over what addresses do.
pub const MAIL_TRIGGERS: &str = "Direcciones que hacen algo";
/// What they do.
pub const MAIL_TRIGGERS_HOW: &str = "Lo que va antes de la arroba decide: rate, quota, down, edge y key se rechazan; slow tarda; \
     bounced, soft, complained, delayed, suppressed y lost se aceptan y terminan así. Todo lo demás se entrega.";

/// What the twin of UptimeRobot is for.
pub const UPTIMEROBOT_PURPOSE: &str =
    "Cada botón manda a la aplicación lo que mandaría UptimeRobot. Mirá el resultado en Avisos.";
/// A button of the twin of UptimeRobot.
pub fn happening(happening: Happening) -> &'static str {
    match happening {
        Happening::Down => "Se cae el sitio",
        Happening::Up => "Vuelve el sitio",
        Happening::Expiring => "Vence el certificado",
        Happening::Twice => "Se cae, avisado dos veces",
        Happening::Reordered => "La vuelta llega antes que la caída",
        Happening::BrokenJson => "Un nombre con comillas (JSON roto)",
        Happening::WrongToken => "Alguien con otro token",
        Happening::Classic => "Aviso clásico por consulta",
    }
}
/// The list of deliveries.
pub const DELIVERED: &str = "Entregas a la aplicación";
/// What a monitor sees.
pub const LOOKED: &str = "Lo que ve un monitor ahora";
/// How long it took.
pub fn took(milliseconds: u128) -> String {
    format!("{milliseconds} ms")
}
/// Nobody answered a monitor.
pub const LOOK_NO_ANSWER: &str = "no respondió a tiempo";
/// A monitor was given a cookie.
pub const LOOK_COOKIE: &str = "dejó una cookie";
/// A monitor was sent elsewhere.
pub const LOOK_REDIRECT: &str = "mandó a otra dirección";
/// A monitor saw another status.
pub const LOOK_STATUS: &str = "respondió con un error";

/// What the twin of Cloudinary keeps.
pub const FILES: &str = "Archivos guardados";
/// Nothing yet.
pub const NO_FILES: &str = "Todavía no se guardó ningún archivo.";
/// A file's name.
pub const FILE: &str = "Archivo";
/// Its resource type and way of delivery.
pub const FILE_KIND: &str = "Tipo y entrega";
/// Its bytes.
pub const FILE_SIZE: &str = "Tamaño";
/// How many there are, and how large they are together.
pub fn files_kept(count: usize, bytes: u64) -> String {
    format!("{} · {}", counted(count as u64, "archivo", "archivos"), super::format::size(bytes))
}
