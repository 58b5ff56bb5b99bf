-- Whether whoever asks may run migrations in the schema $1: owns it, or may make it; and may make
-- the roles that they need.
select (coalesce((select pg_has_role(nspowner, 'member') from pg_namespace where nspname = $1),
                 has_database_privilege(current_database(), 'create')))
       and (select rolsuper or rolcreaterole from pg_roles where rolname = current_user)
