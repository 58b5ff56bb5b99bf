-- How far the projector of the roads has come.
select coalesce((select position from projectors where name = 'roads'), 0)
