-- Make the next partition; see migrations/0003_partitions.sql.
-- $1: how many events it shall hold
select open_partition($1)
