"""The API gives what the pages give."""

from starlette.testclient import TestClient

from index.facets import FACETS


def test_all_records_page_by_page(client: TestClient) -> None:
    seen = []
    address = "/api/v1/records?per_page=2"
    while address:
        answer = client.get(address).json()
        seen += [record["id"] for record in answer["records"]]
        address = answer["next"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == answer["total"]
    assert "alley-gates" in seen


def test_a_record(client: TestClient) -> None:
    answer = client.get("/api/v1/records/alley-gates").json()
    assert answer["content"]["problem_types"] == ["burglary-dwelling"]
    assert answer["state"] == "published"
    assert answer["url"] == "http://testserver/records/alley-gates"


def test_search_answers_like_the_page(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=alley+gates&exact=1&problem=burglary").json()
    assert {hit["id"] for hit in answer["hits"]} == {"alley-gates", "alley-gates-again"}
    assert answer["total"] == 2
    assert [facet["name"] for facet in answer["facets"]] == [facet.name for facet in FACETS]
    chosen = [v["code"] for f in answer["facets"] for v in f["values"] if v["selected"]]
    assert chosen == ["burglary"]


def test_notes_and_other_words(client: TestClient) -> None:
    answer = client.get("/api/v1/search?q=ASB").json()
    assert answer["also_searched"][0]["typed"] == "ASB"


def test_what_was_made_of_the_words_is_told(client: TestClient) -> None:
    told = client.get("/api/v1/search?q=what+works+to+stop+burgulary").json()
    assert told["opening"] == "what works to stop"
    assert told["corrected"] == [{"typed": "burgulary", "means": ["burglary"]}]
    assert told["offers"][0]["label"] == "Helps with: What to do"
    assert "aspect=what" in told["offers"][0]["url"]
    named = client.get("/api/v1/search?q=alley+gates+in+england").json()["offers"]
    assert [(one["label"], one["count"]) for one in named] == [("Country: England", 2)]
    assert client.get("/api/v1/search?q=burgulary&correct=0").json()["corrected"] == []


def test_records_like_one(client: TestClient) -> None:
    told = client.get("/api/v1/records/alley-gates/related").json()
    assert told["like"][0]["id"] == "alley-gates-again"
    assert told["like"][0]["shares"][0] == "Burglary of homes"
    assert all(len(listed) <= 5 for listed in told.values())
    assert client.get("/api/v1/records/hidden-draft/related").status_code == 404
    assert client.get("/api/v1/records/alley-gates/related?limit=0").status_code == 400


def test_description_names_every_facet(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    names = [p["name"] for p in described["paths"]["/api/v1/search"]["get"]["parameters"]]
    assert names[-len(FACETS) :] == [facet.name for facet in FACETS]
    docs = client.get("/api/docs").text
    for path in described["paths"]:
        assert path in docs


def test_other_sites_may_read_it(client: TestClient) -> None:
    answer = client.get("/api/v1/records", headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/").headers
