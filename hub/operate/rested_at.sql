-- When the event $1 was recorded, by which a flow came to rest; nothing where it is archived.
select recorded_at from events where position = $1
