from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0044_register_enquiry')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Reassignment',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='reassignments', on_delete=OnDelete.RESTRICT)),
                ('from_team', fields.ForeignKeyField('models.Team', source_field='from_team_id', db_constraint=True, to_field='id', related_name='gave', on_delete=OnDelete.RESTRICT)),
                ('to_team', fields.ForeignKeyField('models.Team', source_field='to_team_id', db_constraint=True, to_field='id', related_name='took', on_delete=OnDelete.RESTRICT)),
                ('ground', fields.CharField(max_length=16)),
                ('answers', ReadableJSONField()),
                ('proposed_by', fields.CharField(max_length=120)),
                ('proposed_at', UtcDatetimeField()),
                ('done_at', UtcDatetimeField(null=True)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('ended_by', fields.CharField(null=True, max_length=120)),
                ('end_reason', fields.CharField(default='', db_default='', max_length=500)),
            ],
            options={'table': 'reassignment', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
