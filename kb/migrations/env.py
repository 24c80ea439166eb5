"""What Alembic runs: compares and changes the store of the engine it is given."""

from alembic import context

from kb.store_tables import metadata

with context.config.attributes["engine"].connect() as connection:
    if connection.dialect.name == "sqlite":
        # Table rebuilds would otherwise trip over the foreign keys that point to them.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
