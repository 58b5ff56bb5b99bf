-- How far the log is known to have come, by what is beside it.
select greatest((select max(position) from kept), (select max(position) from projectors),
                (select max(last) from archives), 0)
