-- Whether the log begins with anything but an event of one of the connections $1.
select coalesce((select not coalesce(connection, '') = any ($1::text[])
                 from events order by position limit 1), false)
