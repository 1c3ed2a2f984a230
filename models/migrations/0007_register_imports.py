from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0006_registers')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RegisterHeading',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('department', fields.CharField(default='', max_length=16)),
                ('kind', fields.CharField(max_length=16)),
                ('heading', fields.CharField(max_length=120)),
                ('column', fields.CharField(max_length=40)),
            ],
            options={'table': 'register_heading', 'app': 'models', 'unique_together': (('department', 'kind', 'heading'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RegisterImport',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=16)),
                ('name', fields.CharField(max_length=200)),
                ('data', fields.BinaryField()),
                ('sha256', fields.CharField(max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('department', fields.CharField(default='', max_length=16)),
                ('at', UtcDatetimeField()),
                ('taken_at', UtcDatetimeField(null=True)),
                ('taken_back_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'register_import', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='RegisterChange',
            name='import_id',
            field=fields.IntField(null=True, db_index=True),
        ),
    ]
