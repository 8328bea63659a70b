//! Words about profiles of creators: onboarding, edition, completeness.
