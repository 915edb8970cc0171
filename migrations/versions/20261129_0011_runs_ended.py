"""Runs by when they have ended: what was synchronized of late.

Revision: 0011, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"

NAME = "ix_runs_ended_at"


def upgrade() -> None:
    # Runs go on meanwhile; one that was cut off before has left an index that is not valid.
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "runs", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "runs",
            ["ended_at"],
            postgresql_where=sa.text("ended_at IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(NAME, "runs", postgresql_concurrently=True)
