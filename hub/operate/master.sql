-- Whether the event $1, which set a flow's mode, says that the hub is master.
select convert_from(data, 'UTF8')::jsonb ->> 'master' = 'hub' from events
where position = $1 and type = 'mode_set'
