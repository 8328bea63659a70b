//! Icons from the one sprite, `public/icons.svg` (Lucide, ISC licence).

use leptos::prelude::*;

/// An icon of the sprite. The sprite holds exactly these: a test compares both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    ArrowRight,
    ArrowLeft,
    ArrowUp,
    ArrowDown,
    ChevronLeft,
    ChevronRight,
    ChevronDown,
    ChevronFirst,
    ChevronLast,
    Search,
    Menu,
    X,
    Copy,
    Check,
    Database,
    ScrollText,
    House,
    UserRound,
    LogOut,
    Download,
    Eye,
    EyeOff,
    Link,
    RotateCw,
    TriangleAlert,
    Info,
    CircleCheck,
    CircleX,
    Plus,
    Clock,
    ShieldCheck,
    Megaphone,
    Inbox,
    Lock,
    ListFilter,
    Command,
    Ellipsis,
    Bell,
    BellOff,
    Mail,
    Sliders,
    Activity,
    Send,
    Play,
    Archive,
}

impl Glyph {
    /// Every icon, in sprite order.
    pub const ALL: [Glyph; 45] = [
        Glyph::ArrowRight,
        Glyph::ArrowLeft,
        Glyph::ArrowUp,
        Glyph::ArrowDown,
        Glyph::ChevronLeft,
        Glyph::ChevronRight,
        Glyph::ChevronDown,
        Glyph::ChevronFirst,
        Glyph::ChevronLast,
        Glyph::Search,
        Glyph::Menu,
        Glyph::X,
        Glyph::Copy,
        Glyph::Check,
        Glyph::Database,
        Glyph::ScrollText,
        Glyph::House,
        Glyph::UserRound,
        Glyph::LogOut,
        Glyph::Download,
        Glyph::Eye,
        Glyph::EyeOff,
        Glyph::Link,
        Glyph::RotateCw,
        Glyph::TriangleAlert,
        Glyph::Info,
        Glyph::CircleCheck,
        Glyph::CircleX,
        Glyph::Plus,
        Glyph::Clock,
        Glyph::ShieldCheck,
        Glyph::Megaphone,
        Glyph::Inbox,
        Glyph::Lock,
        Glyph::ListFilter,
        Glyph::Command,
        Glyph::Ellipsis,
        Glyph::Bell,
        Glyph::BellOff,
        Glyph::Mail,
        Glyph::Sliders,
        Glyph::Activity,
        Glyph::Send,
        Glyph::Play,
        Glyph::Archive,
    ];

    /// Address of the icon: the sprite, its content hash, the symbol.
    fn href(self) -> String {
        let mut href = String::with_capacity(48);
        href.push_str("/assets/icons.svg?v=");
        href.push_str(SPRITE_VERSION);
        href.push('#');
        href.push_str(self.name());
        href
    }

    /// Name of the symbol in the sprite.
    pub fn name(self) -> &'static str {
        match self {
            Glyph::ArrowRight => "arrow-right",
            Glyph::ArrowLeft => "arrow-left",
            Glyph::ArrowUp => "arrow-up",
            Glyph::ArrowDown => "arrow-down",
            Glyph::ChevronLeft => "chevron-left",
            Glyph::ChevronRight => "chevron-right",
            Glyph::ChevronDown => "chevron-down",
            Glyph::ChevronFirst => "chevron-first",
            Glyph::ChevronLast => "chevron-last",
            Glyph::Search => "search",
            Glyph::Menu => "menu",
            Glyph::X => "x",
            Glyph::Copy => "copy",
            Glyph::Check => "check",
            Glyph::Database => "database",
            Glyph::ScrollText => "scroll-text",
            Glyph::House => "house",
            Glyph::UserRound => "user-round",
            Glyph::LogOut => "log-out",
            Glyph::Download => "download",
            Glyph::Eye => "eye",
            Glyph::EyeOff => "eye-off",
            Glyph::Link => "link",
            Glyph::RotateCw => "rotate-cw",
            Glyph::TriangleAlert => "triangle-alert",
            Glyph::Info => "info",
            Glyph::CircleCheck => "circle-check",
            Glyph::CircleX => "circle-x",
            Glyph::Plus => "plus",
            Glyph::Clock => "clock",
            Glyph::ShieldCheck => "shield-check",
            Glyph::Megaphone => "megaphone",
            Glyph::Inbox => "inbox",
            Glyph::Lock => "lock",
            Glyph::ListFilter => "list-filter",
            Glyph::Command => "command",
            Glyph::Ellipsis => "ellipsis",
            Glyph::Bell => "bell",
            Glyph::BellOff => "bell-off",
            Glyph::Mail => "mail",
            Glyph::Sliders => "sliders",
            Glyph::Activity => "activity",
            Glyph::Send => "send",
            Glyph::Play => "play",
            Glyph::Archive => "archive",
        }
    }
}

/// Hash of the sprite, computed by the compiler: the address changes with the content in both builds, and an island
/// needs no look-up to draw an icon.
const SPRITE_VERSION: &str = {
    const HEX: [u8; 8] = hex(fnv1a(include_bytes!("../../public/icons.svg")));
    match std::str::from_utf8(&HEX) {
        Ok(text) => text,
        Err(_) => unreachable!(),
    }
};

const fn fnv1a(bytes: &[u8]) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

const fn hex(value: u32) -> [u8; 8] {
    let mut text = [0; 8];
    let mut at = 0;
    while at < 8 {
        text[at] = b"0123456789abcdef"[(value >> (28 - 4 * at)) as usize & 15];
        at += 1;
    }
    text
}

/// A decorative icon: always beside a word, or inside a control that has a label of its own.
#[component]
pub fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" aria-hidden="true" width="20" height="20">
            <use href=glyph.href()></use>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sprite_holds_exactly_the_glyphs() {
        let sprite = include_str!("../../public/icons.svg");
        let drawn: Vec<&str> =
            sprite.split("<symbol id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let listed: Vec<&str> = Glyph::ALL.into_iter().map(Glyph::name).collect();
        assert_eq!(drawn, listed);
    }

    #[test]
    fn the_version_is_the_usual_fnv_hash() {
        assert_eq!(fnv1a(b""), 0x811c_9dc5);
        assert_eq!(fnv1a(b"foobar"), 0xbf9c_f968);
        assert_eq!(&hex(0xbf9c_f968), b"bf9cf968");
    }
}
