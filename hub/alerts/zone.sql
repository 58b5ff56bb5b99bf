-- The time zone of the connection $1, as its last day told it.
select zone from days where connection = $1
