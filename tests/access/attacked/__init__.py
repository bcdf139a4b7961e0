"""A town to attack: two providers, two councils, six children, a canary in every text of every record.

    own     lives in Elm House, on Sam's caseload and Iris's, Ada is key worker
    south   lives in Elm House too, placed by the other council
    key     lives in Oak House, of the same provider; Ada's key child; was Sam's and Iris's until yesterday
    oak     lives in Oak House, on Noor's caseload, who works where Sam does
    gone    left Elm House sixty days ago for Birch House (other provider, other council)
    birch   lives in Birch House

Canaries are words that stand nowhere else, `cnry-<record>-<field>`: whoever sees one has seen that
field. The accounts that wrote the records have theirs, and so have the senders' references. All invented.

`town.py` is the town as a test holds it, `building.py` makes it from `places.py` and `children.py`, and
`canaries.py` plants the words and looks for them in answers. The fixtures are in `tests/access/conftest.py`.
"""
