"""What a backer gave its word for says by what name: the organization's present one, for all that was said so far."""

from alembic import op

revision = "0076"
down_revision = "0075"

OF_A_BACKING = "WHERE o.id = backing.organization_id"
OF_A_STEP = "JOIN backing b ON b.organization_id = o.id WHERE b.id = backing_step.backing_id"
VERSIONS = (("backing", "agreed", OF_A_BACKING), ("backing_step", "version", OF_A_STEP))


def upgrade() -> None:
    for table, column, own in VERSIONS:
        plain = f"(SELECT o.name FROM organization o {own})"  # noqa: S608
        name = f"(SELECT trim(o.article || ' ' || o.name) FROM organization o {own})"  # noqa: S608
        if op.get_bind().dialect.name == "postgresql":
            named = f"({column}::jsonb || jsonb_build_object('named', {name}, 'name', {plain}))::json"
            known = f"json_typeof({column}) = 'object'"
        else:
            named, known = (
                f"json_set({column}, '$.named', {name}, '$.name', {plain})",
                f"json_type({column}) = 'object'",
            )
        op.execute(f"UPDATE {table} SET {column} = {named} WHERE {known}")  # noqa: S608


def downgrade() -> None:
    for table, column, _ in VERSIONS:
        if op.get_bind().dialect.name == "postgresql":
            without, known = f"({column}::jsonb - 'named' - 'name')::json", f"json_typeof({column}) = 'object'"
        else:
            without, known = f"json_remove({column}, '$.named', '$.name')", f"json_type({column}) = 'object'"
        op.execute(f"UPDATE {table} SET {column} = {without} WHERE {known}")  # noqa: S608
