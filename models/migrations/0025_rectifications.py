from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from models.states import RectificationState
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0024_question_conditions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Rectification',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.CharField(unique=True, max_length=80)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='rectifications', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('state', fields.CharEnumField(description='ISSUED: issued\nTOLD: told\nHANDED_IN: handed_in\nPARTLY: partly\nNOT_DONE: not_done\nEXTENDED: extended\nLAPSED: lapsed\nFILED: filed\nVERIFIED: verified\nREVOKED: revoked', enum_type=RectificationState, max_length=16)),
                ('points', ReadableJSONField()),
                ('done', ReadableJSONField(default=list)),
                ('basis', fields.TextField(unique=False)),
                ('text', fields.TextField(default='', unique=False)),
                ('ordered_until', fields.DateField()),
                ('due', fields.DateField(db_index=True)),
                ('facts', ReadableJSONField()),
                ('token_sha256', fields.CharField(db_index=True, max_length=64)),
                ('check_code', fields.CharField(max_length=6)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('verified_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'rectification', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RectificationStep',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='rectification_steps', on_delete=OnDelete.RESTRICT)),
                ('rectification', fields.ForeignKeyField('models.Rectification', source_field='rectification_id', db_constraint=True, to_field='id', related_name='steps', on_delete=OnDelete.RESTRICT)),
                ('kind', fields.CharField(max_length=12)),
                ('text', fields.TextField(default='', unique=False)),
                ('points', ReadableJSONField(default=list)),
                ('until', fields.DateField(null=True)),
                ('threshold', fields.IntField(null=True)),
                ('case_number', fields.CharField(default='', max_length=80)),
                ('case_day', fields.DateField(null=True)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'rectification_step', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
