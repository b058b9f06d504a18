-- needs 0.1.0
-- Pages hold more of each issue: story points, the team and when it was created. What
-- is held is dropped, and filled anew.
DELETE FROM index_pages;
