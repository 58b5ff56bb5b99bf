-- Partitions of the log: which there are, and the making of the next.

-- partitions: each with the range of positions it holds; `until` is the first it does not.
create view partitions as
    select c.relname as name,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''?(\d+)'))[1]::bigint as first,
           (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''?(\d+)'))[1]::bigint as until
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = (current_schema() || '.events')::regclass;

create function partitioned_to() returns bigint
language sql
stable
as $$
    select coalesce(max(until), 1) from partitions
$$;

-- open_partition: makes the next partition of the log, so that there is always one ahead of need.
--
-- It runs with its owner's rights: the role that serves may make the log longer, and in no other way
-- change it. The table is made apart and attached, which lets appends go on meanwhile. Without a size
-- it is as large as the one before.
--
-- The need is judged under the lock: a caller says where the partitions ended when it looked, and
-- nothing is made if they end elsewhere by now. Without that word the next is made in any case.

create function open_partition(events_per_partition bigint, seen bigint default null) returns bigint
language plpgsql
security definer
set lock_timeout = '200ms'
as $$
declare
    first bigint;
    size  bigint;
    name  text;
begin
    perform pg_advisory_xact_lock(hashtextextended(current_schema() || '.partitions', 0));
    first := partitioned_to();
    if first <> seen then
        return first;
    end if;
    size := coalesce(events_per_partition,
                     (select p.until - p.first from partitions p order by p.until desc limit 1),
                     1000000);
    name := 'events_' || lpad(first::text, 16, '0');
    execute format('create table %I (like events including all)', name);
    execute format('alter table %I add check (position >= %s and position < %s)',
                   name, first, first + size);
    execute format('alter table events attach partition %I for values from (%s) to (%s)',
                   name, first, first + size);
    return first + size;
end $$;

do $$
begin
    execute format('grant select on partitions to %I, %I',
                   current_schema() || '_serve', current_schema() || '_replay');
    -- Without pg_temp at the end, a caller's own temporary tables would be looked at first.
    execute format('alter function open_partition set search_path = %I, pg_temp', current_schema());
    execute format('revoke execute on function open_partition from public');
    execute format('grant execute on function open_partition to %I', current_schema() || '_serve');
    execute format('revoke execute on function append from public');
    execute format('grant execute on function append to %I', current_schema() || '_serve');
end $$;
