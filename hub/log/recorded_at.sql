-- When the event at $1, or the last of the archive that holds it, was recorded.
select coalesce((select recorded_at from events where position = $1),
                (select recorded_at from archives where $1 between first and last))
