-- Whether the log begins with anything but an event of one of the connections $1, or an act of the
-- operator $2.
select coalesce((select not (coalesce(connection, '') = any ($1::text[])
                             or coalesce(origin, '') = 'operator:' || $2)
                 from events order by position limit 1), false)
