"""Who is there to ask and to answer."""

import pytest

from tests.builders import a_person, an_event


@pytest.fixture
def organizer(app):
    return a_person("Otto Organizer", "organizer")


@pytest.fixture
def dinner(organizer):
    return an_event("The dinner", max_party_size=4)


@pytest.fixture
def ann(client):
    ann = a_person("Ann")
    client.sign_in(ann)
    return ann
