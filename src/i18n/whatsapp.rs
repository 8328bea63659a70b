//! How a conversation with a creator begins. The link only writes it; a person sends it.

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// An application, or nothing in particular.
    General,
    /// How the canje is handed over.
    Canje,
    /// The address of the post is missing.
    Url,
    /// The metrics are missing.
    Metrics,
}

/// The link's word.
pub const LINK: &str = "WhatsApp";

/// The link, for who doesn't see the row it stands in.
pub fn link_to(name: &str) -> String {
    format!("Escribir a {name} por WhatsApp")
}

/// The first message.
pub fn message(topic: Topic, name: &str, campaign: Option<&str>) -> String {
    let first = name.split_whitespace().next().unwrap_or(name);
    let about = campaign.map(|campaign| format!(" por la campaña «{campaign}»")).unwrap_or_default();
    let rest = match topic {
        Topic::General => "Te escribimos de Canje".to_owned() + &about + ".",
        Topic::Canje => format!("Te escribimos de Canje{about} para coordinar el canje."),
        Topic::Url => format!("Te escribimos de Canje{about}: nos falta el enlace de tu publicación."),
        Topic::Metrics => format!("Te escribimos de Canje{about}: nos faltan las métricas de tu publicación."),
    };
    format!("Hola {first}. {rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_greets_by_first_name_and_says_what_it_is_about() {
        assert_eq!(
            message(Topic::Url, "Ana Benítez", Some("Café")),
            "Hola Ana. Te escribimos de Canje por la campaña «Café»: nos falta el enlace de tu publicación."
        );
        assert_eq!(message(Topic::General, "Ana", None), "Hola Ana. Te escribimos de Canje.");
    }
}
