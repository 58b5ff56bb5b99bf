-- Whether nothing may be written to the connection $1, as the log has it: what is not folded yet, too.
select coalesce(
    (select (convert_from(e.data, 'UTF8')::jsonb ->> 'stopped')::boolean
     from events e
     where e.type = 'writes_stopped' and e.connection = $1
       and e.position > coalesce((select position from projectors where name = 'sync'), 0)
     order by e.position desc
     limit 1),
    (select stopped from stops where connection = $1),
    false)
