-- A place of a call under way is freed soon when whoever took it is known to be dead: each who takes
-- places holds an advisory lock as long as its database connection lives.
alter table budget_places add column holder uuid;

drop function take_place(text, text, timestamptz, bigint, float8);

-- take_place: takes a place among the calls under way, for some seconds, or tells how long to wait.
-- Where there is none, those of holders that are dead end in `dead_seconds` at the latest: a vendor
-- goes on for a while with what it was asked. Nobody's own lock is tried, for it would be granted.
create function take_place(
    of_connection text,
    of_name       text,
    at            timestamptz,
    places        bigint,
    seconds       float8,
    by            uuid,
    dead_seconds  float8,
    out id           uuid,
    out wait_seconds float8
)
language plpgsql
as $$
declare
    moment timestamptz;
    other  uuid;
begin
    perform pg_advisory_xact_lock(
        hashtextextended(current_schema() || '.budget.' || of_connection, 0));
    moment := coalesce(at, clock_timestamp());
    delete from budget_places p
    where p.connection = of_connection and p.name = of_name and p.use_by <= moment;

    if places <= (select count(*) from budget_places p
                  where p.connection = of_connection and p.name = of_name) then
        for other in
            select distinct p.holder from budget_places p
            where p.connection = of_connection and p.name = of_name and p.holder <> by
              and p.use_by > moment + make_interval(secs => dead_seconds)
        loop
            if pg_try_advisory_xact_lock(hashtextextended(
                current_schema() || '.holder.' || other, 0)) then
                update budget_places p set use_by = moment + make_interval(secs => dead_seconds)
                where p.holder = other
                  and p.use_by > moment + make_interval(secs => dead_seconds);
            end if;
        end loop;
    end if;

    select extract(epoch from min(p.use_by) - moment) into wait_seconds
    from budget_places p where p.connection = of_connection and p.name = of_name
    having count(*) >= places;
    if not found then
        insert into budget_places (connection, name, use_by, holder)
        values (of_connection, of_name, moment + make_interval(secs => seconds), by)
        returning budget_places.id into id;
    end if;
end $$;

do $$
begin
    execute 'revoke execute on function take_place from public';
    execute format('grant execute on function take_place to %I', current_schema() || '_serve');
end $$;
