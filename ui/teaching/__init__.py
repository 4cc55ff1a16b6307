"""For the person at the front: lecture, talk, links, worksheets and quiz."""
