// Facts of the demonstration dump that the journeys rely on; all of it is invented.

/** Documents of some collections, as the dump's own account says. */
export const counts = {
  users: 372,
  ugc_applications: 354,
  ugc_creators: 264,
  orders: 22,
  page_content: 0,
} as const;

/** Applications whose status is `applied`. */
export const appliedApplications = 227;

/** Applications with a creator, without one, and without one whose address is a creator's. */
export const applications = { withCreator: 261, withoutCreator: 93, matching: 79 };

/** What must never reach a browser: the beginning of every password hash, and a second step's secret and recovery code. */
export const secrets = ["$2b$", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "13BB6801"];

/** The account whose document holds every kind of secret. */
export const guarded = { _id: "69793aaee1e95289f77204b1", email: "gestion@example.com", phone: "+595900000274" };
