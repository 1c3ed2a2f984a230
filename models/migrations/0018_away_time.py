from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0017_department_results')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AwayTime',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inspector', fields.ForeignKeyField('models.Inspector', source_field='inspector_id', db_constraint=True, to_field='code', related_name='away_times', on_delete=OnDelete.RESTRICT)),
                ('begins', UtcDatetimeField()),
                ('ends', UtcDatetimeField()),
                ('said_by', fields.CharField(max_length=120)),
                ('said_at', UtcDatetimeField()),
                ('taken_back_by', fields.CharField(null=True, max_length=120)),
                ('taken_back_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'away_time', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
