"""The case record: every kind, by domain, and the acts that are more than recording.

Adding a kind: a class in its domain's module, its name in the line below, a migration, a test of
what is peculiar to it. README.md shows the steps.
"""

from outcomes.kit.record import KINDS
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview, Plan
from outcomes.records.readings import Instrument, Reading
from outcomes.records.sessions import KeyworkerSession

KINDS.register(Plan, Goal, KeyworkerSession, GoalReview)
KINDS.register(Instrument, Reading, HealthCheck, MissingEpisode)
