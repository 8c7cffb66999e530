"""Run by Alembic: the steps on the connection that :mod:`app.migrating` hands over."""

from alembic import context

from app.tables_all import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
