"""What can be done, as `resource:action` words. Which role may do what: `access/policy.py`.

A permission says that a role does this at all; whose records it may be done to is the scope's
question (`access/scope.py`), and both must agree.
"""

from enum import StrEnum


class Permission(StrEnum):
    PUBLIC = "public"
    """No sign-in needed: sign-in itself, health checks, static files."""
    SIGNED_IN = "signed-in"
    """Any account with a grant in force: own account, sign-out, landing page."""

    CHILD_READ = "child:read"
    CHILD_CREATE = "child:create"
    CARE_WRITE = "care:write"
    """Records of daily care: sessions, readings, goal reviews, health checks, missing episodes."""
    PLAN_WRITE = "plan:write"
    """Plans and goals, contacts."""
    REVIEW_WRITE = "review:write"
    """Reviews of plans: due, held, and what was decided."""
    PLACEMENT_WRITE = "placement:write"
    """Who lives where, who is key worker, who is allocated."""
    RECORD_WITHDRAW = "record:withdraw"
    """Withdraw a record that was entered in error."""
    MY_DAY = "my-day:read"
    PLACE_READ = "place:read"
    """Organisations, homes, carer households and staff."""
    PLACE_WRITE = "place:write"
    CONTRACT_READ = "contract:read"
    CONTRACT_WRITE = "contract:write"
    """Targets and settings of a contract."""
    FIGURE_READ = "figure:read"
    """Totals of a measure for one's contracts."""
    MEMBERS_READ = "members:read"
    """Splits by place and the children behind a figure."""
    INSTRUMENT_READ = "instrument:read"
    INSTRUMENT_WRITE = "instrument:write"
    DATA_QUALITY_READ = "data-quality:read"
    ACCOUNT_MANAGE = "account:manage"
