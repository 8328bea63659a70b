//! Links that open a conversation in WhatsApp; nothing is sent by the server.

/// Paraguay's country code.
const PARAGUAY: &str = "595";
/// Numbers without a country code have at most this many digits.
const LONGEST_NATIONAL: usize = 10;

/// `https://wa.me/595981123456?text=…`; none without digits. A leading 0, or no country code, means Paraguay.
pub fn whatsapp_link(phone: &str, text: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return None;
    }
    let full = match digits.strip_prefix('0') {
        Some(national) => format!("{PARAGUAY}{}", national.trim_start_matches('0')),
        None if digits.starts_with(PARAGUAY) || digits.len() > LONGEST_NATIONAL => digits,
        None => format!("{PARAGUAY}{digits}"),
    };
    let query = serde_urlencoded::to_string([("text", text)]).unwrap_or_default().replace('+', "%20");
    Some(format!("https://wa.me/{full}?{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_with_a_country_code_and_encoded_words() {
        let link = |phone| whatsapp_link(phone, "¡Hola Ana! 1+1").unwrap();
        for phone in ["+595 981 123-456", "0981123456", "981123456", "595981123456"] {
            assert_eq!(link(phone), "https://wa.me/595981123456?text=%C2%A1Hola%20Ana%21%201%2B1", "{phone}");
        }
        assert!(link("+54 11 5555 1234").starts_with("https://wa.me/541155551234?"));
        assert_eq!(whatsapp_link("sin número", "x"), None);
    }
}
