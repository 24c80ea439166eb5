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
