//! The pages of a creator's profile: the onboarding's five steps, the profile and its sections, the completion bar.

mod bar;
mod forms;
mod inputs;
mod onboarding;
mod profile;
mod sections;
mod steps;

pub use bar::CompletionBar;
pub use forms::{
    add_network, begin, change_network, finish, remove_network, remove_picture, save_section, save_step, set_picture,
};
pub use onboarding::welcome;
pub use profile::show;
pub use sections::{network, new_network, photo, section};
pub use steps::step;
