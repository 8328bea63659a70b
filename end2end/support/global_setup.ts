// One server for the whole run, and a saved session for every demo account.
import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { people, saveSession, stateOf, type Who } from "./people.ts";
import { startServer } from "./server.ts";
import { announce } from "./settings.ts";

export default async function setUp(): Promise<() => Promise<void>> {
  const server = await startServer("e2e");
  try {
    announce(server);
    await rm(dirname(stateOf("admin")), { recursive: true, force: true });
    await mkdir(dirname(stateOf("admin")), { recursive: true });
    for (const who of Object.keys(people) as Who[]) {
      if (people[who].signsIn) await saveSession(who);
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return () => server.stop();
}
