"""The case record: every kind, by domain, and the acts that are more than recording.

Adding a kind: a class in its domain's module, its name in the line below, a migration, a test of
what is peculiar to it. README.md shows the steps.
"""

from outcomes.kit.declaring.record import KINDS
from outcomes.records.daily import Activity
from outcomes.records.education import Attendance, EducationSpell
from outcomes.records.health import HealthCheck, HealthRegistration, ImmunisationStatus
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview, Plan, PlanReview
from outcomes.records.readings import ExpectedLevel, Instrument, Reading
from outcomes.records.sessions import KeyworkerSession

KINDS.register(Plan, PlanReview, Goal, KeyworkerSession, GoalReview)
KINDS.register(Instrument, Reading, ExpectedLevel)
KINDS.register(HealthRegistration, HealthCheck, ImmunisationStatus)
KINDS.register(EducationSpell, Attendance, MissingEpisode, Activity)
