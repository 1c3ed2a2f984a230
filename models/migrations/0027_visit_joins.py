from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0026_follow_ups')]

    initial = False

    operations = [
        ops.CreateModel(
            name='VisitJoin',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='visit_joins', on_delete=OnDelete.RESTRICT)),
                ('other', fields.ForeignKeyField('models.Task', source_field='other_id', db_constraint=True, to_field='id', related_name='joined_by', on_delete=OnDelete.RESTRICT)),
                ('answers', ReadableJSONField()),
                ('proposed_by', fields.CharField(max_length=120)),
                ('proposed_at', UtcDatetimeField()),
                ('joined_at', UtcDatetimeField(null=True)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('ended_by', fields.CharField(null=True, max_length=120)),
                ('end_reason', fields.CharField(default='', db_default='', max_length=500)),
            ],
            options={'table': 'visit_join', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
