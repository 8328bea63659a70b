# The catalogue once more, as one would write it with FastAPI, Jinja2 and PyMongo: same data, same filters, same cards.
import os
from datetime import datetime, timedelta, timezone

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pymongo import MongoClient

ROWS = 20
ASUNCION = timezone(timedelta(hours=-3))

database = MongoClient(os.environ["TWIN_MONGODB_URL"], directConnection=True)[os.environ["TWIN_DATABASE"]]
templates = Environment(
    loader=FileSystemLoader(os.path.dirname(__file__)), autoescape=select_autoescape(), auto_reload=False
)
page = templates.get_template("catalogue.html")
app = FastAPI()


def excerpt(text: str, length: int = 140) -> str:
    plain = " ".join(text.replace("**", "").split())
    return plain if len(plain) <= length else plain[: length - 1].rsplit(" ", 1)[0] + "…"


def money(value: int) -> str:
    return f"{value:,}".replace(",", ".") + " Gs"


@app.get("/ugc/campaigns", response_class=HTMLResponse)
def catalogue() -> str:
    today = datetime.now(ASUNCION).date().isoformat()
    open_ones = list(
        database.ugc_campaigns.find(
            {"status": "live", "visible_to_creators": True, "timeline.applications_deadline": {"$gte": today}},
            {
                "_id": 0, "id": 1, "brand_id": 1, "category": 1, "city": 1, "total_slots_loaded": 1, "slots_filled": 1,
                "contract.is_active": 1, "contract.end_date": 1, "published_at": 1,
            },
        )
    )
    brands = list({one["brand_id"] for one in open_ones})
    off = {one["id"] for one in database.ugc_brands.find({"id": {"$in": brands}, "is_active": False}, {"id": 1})}

    def is_listed(one: dict) -> bool:
        contract = one.get("contract")
        in_force = not contract or (contract["is_active"] and today < contract["end_date"])
        return in_force and one["slots_filled"] < one["total_slots_loaded"] and one["brand_id"] not in off

    listed = sorted(filter(is_listed, open_ones), key=lambda one: (-one["published_at"].timestamp(), one["id"]))
    ids = [one["id"] for one in listed[:ROWS]]
    hidden = {"_id": 0, "slot_history": 0, "admin_notes": 0, "tally": 0, "search": 0}
    found = {one["id"]: one for one in database.ugc_campaigns.find({"id": {"$in": ids}}, hidden)}
    cards = [
        {
            **found[id],
            "excerpt": excerpt(found[id]["description"]),
            "worth": money(found[id]["canje"]["value"]),
            "left": found[id]["total_slots_loaded"] - found[id]["slots_filled"],
        }
        for id in ids
    ]
    return page.render(
        cards=cards,
        total=len(listed),
        categories=sorted({one["category"] for one in listed}),
        cities=sorted({one["city"] for one in listed if one.get("city")}),
    )
