-- What archived partitions held of events about other events.
select about from archives order by first
