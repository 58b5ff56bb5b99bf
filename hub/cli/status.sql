-- How far the log has come, and in how many partitions and archives it is.
select coalesce(last.position, archived.until, 0) as head,
       coalesce(last.recorded_at, archived.recorded_at) as recorded_at,
       (select count(*) from partitions) as partitions,
       partitioned_to() as partitioned_to,
       coalesce(archived.count, 0) as archives,
       coalesce(archived.until, 0) as archived_to
from (select count(*) as count, max(last) as until, max(recorded_at) as recorded_at
      from archives) as archived
left join (select position, recorded_at from events order by position desc limit 1) as last on true
