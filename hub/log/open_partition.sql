-- Make the next partition; see migrations/0003_partitions.sql.
-- $1: how many events it shall hold
-- $2: where the partitions ended when the need was seen: nothing is made if it is elsewhere by now
select open_partition($1, $2)
