from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise import fields
from tortoise.fields.base import OnDelete

class Migration(migrations.Migration):
    dependencies = [('models', '0025_rectifications')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FollowUp',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='follow_ups', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('kind', fields.CharField(max_length=12)),
                ('day', fields.DateField()),
                ('reference', fields.CharField(max_length=120)),
                ('authority', fields.CharField(max_length=120)),
                ('text', fields.TextField(unique=False)),
                ('token_sha256', fields.CharField(db_index=True, max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('ended_on', fields.DateField(null=True)),
                ('outcome', fields.TextField(default='', unique=False)),
                ('ended_by', fields.CharField(default='', max_length=120)),
                ('ended_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'follow_up', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
