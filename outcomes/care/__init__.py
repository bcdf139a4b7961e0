"""Who and where: organisations, homes, contracts, people, care episodes, placements, key workers.

Only kinds and the acts on them; what every kind can do comes from `kit/`.
"""

from outcomes.care.contracts import Contract, ContractSetting, MeasureTarget
from outcomes.care.organisations import CarerHousehold, Home, HomeCapacity, Organisation, Staff
from outcomes.care.people import Allocation, CareEpisode, Contact, KeyworkerAssignment, Person
from outcomes.care.placements import Placement
from outcomes.kit.declaring.record import KINDS

KINDS.register(Organisation, Home, HomeCapacity, CarerHousehold, Staff)
KINDS.register(Contract, MeasureTarget, ContractSetting)
KINDS.register(Person, Contact, CareEpisode, Placement, KeyworkerAssignment, Allocation)
