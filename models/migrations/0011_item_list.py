from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0010_declarations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ItemListVersion',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.IntField(unique=True)),
                ('reason', fields.CharField(max_length=16)),
                ('words', fields.CharField(max_length=500)),
                ('items', ReadableJSONField()),
                ('sha256', fields.CharField(max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'item_list_version', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
