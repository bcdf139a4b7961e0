"""The numbers that the cards ask for when a contract says nothing else, and the four buckets, for the scripts."""

MET, NOT_MET, NO_EVIDENCE, LEFT_OUT = range(4)

NEAR = 28
"""Days between two placements that still make one stay."""
PRESENT = 28
"""Nights of the period, for a child of whom something can be said."""
SETTLED = 56
"""Days since the stay began, for a child who can show progress."""
FIRST_GOAL = 28
"""Days since the stay began, for a child who can have a first goal."""
YOUNGEST = 11
"""Years, for independence to be asked of a child."""
SCHOOL_AGE = 5
ENOUGH_SESSIONS, ATTENDED_WELL = 20, 90
COVER = 28
"""Days of cover that are no change of key worker."""
APART = 28
"""Days between two readings that are compared."""
REVIEW_DATES, REVIEW_MONTHS = 2, 6
"""So many reviews of goals, within so many months."""
READING_MONTHS, PLAN_REVIEW_MONTHS, CHECK_UP_MONTHS = 6, 3, 12
"""How old the latest reading, review of a plan and check-up may be at the period's end."""
STABLE_MONTHS, IN_CARE_MONTHS = 24, 30

MISSED = ("missed_by_staff", "missed_by_child", "cancelled_not_rearranged")
LEFT_OUT_ENDINGS = ("died", "transferred_with_carers")
"""In the order of the card's reasons."""
STANDING = ("open", "achieved", "ended_with_placement")
"""A goal of which a review stays due."""
SET_ASIDE = ("replaced", "withdrawn_by_agreement")
OF_CARE_PLANS = ("care_plan", "pathway_plan")
