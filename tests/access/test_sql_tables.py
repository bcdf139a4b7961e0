"""The last look finds every table in a finished SQL text, and takes no column for one."""

from collections import Counter

import pytest

from outcomes.access.sql_tables import tables_in

CASES = {
    "SELECT person.id FROM person WHERE person.id = ?": ["person"],
    "SELECT 1": [],
    "SELECT a.person, person, staff FROM audit_entry AS a": ["audit_entry"],
    "SELECT * FROM a, person p, b": ["a", "b", "person"],
    "SELECT * FROM a JOIN person ON a.id = person.id, staff WHERE x": ["a", "person", "staff"],
    "SELECT * FROM (SELECT id FROM goal WHERE goal.x IN (1, 2)) AS plan, person": ["goal", "person"],
    "SELECT * FROM (a JOIN person ON 1 = 1) LEFT OUTER JOIN home ON 2 = 2": ["a", "home", "person"],
    "SELECT * FROM(person)": ["person"],
    'select * from "person"': ["person"],
    'SELECT * FROM main."PERSON"': ["person"],
    "SELECT * FROM public . person": ["person"],
    "SELECT '  FROM person ' FROM goal -- FROM home\n, plan": ["goal", "plan"],
    "SELECT 1 /* FROM home */ FROM person": ["person"],
    "SELECT 'it''s FROM home' FROM person": ["person"],
    "INSERT INTO audit_entry (seq, person, kind) VALUES (?, ?, ?)": ["audit_entry"],
    "INSERT INTO contact (name) SELECT name FROM person": ["contact", "person"],
    "INSERT OR REPLACE INTO person (id) VALUES (1)": ["person"],
    "UPDATE person SET name = ? WHERE id = ?": ["person"],
    "UPDATE ONLY person SET x = 1 FROM staff, home WHERE 1": ["home", "person", "staff"],
    "UPDATE OR IGNORE person SET x = 1": ["person"],
    "DELETE FROM person USING staff WHERE 1": ["person", "staff"],
    "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET x = a.x RETURNING a.x": ["a"],
    "SELECT x FROM person FOR UPDATE": ["person"],
    "WITH p AS (SELECT * FROM person) SELECT * FROM p": ["p", "person"],
    "SELECT id FROM person UNION SELECT id FROM staff": ["person", "staff"],
    "SELECT extract(year FROM person.born), home FROM goal": ["born", "goal"],
    "SELECT * FROM a WHERE EXISTS (SELECT 1 FROM person)": ["a", "person"],
    "SELECT * FROM a, LATERAL (SELECT * FROM person) AS l": ["a", "person"],
    "TRUNCATE TABLE person": ["person"],
    "DROP TABLE IF EXISTS person": ["person"],
    "SELECT count(*) FROM person, person AS p2": ["person", "person"],
}


@pytest.mark.parametrize("sql", CASES)
def test_tables_are_found(sql: str) -> None:
    assert tables_in(sql) == Counter(CASES[sql])
