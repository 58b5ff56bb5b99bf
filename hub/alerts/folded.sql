-- How far the sync projector has come.
select coalesce((select position from projectors where name = 'sync'), 0)
